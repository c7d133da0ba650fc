/** Commands for whoever keeps a store to copy: each path is one word of a shell, whatever is in it. */

/** As a POSIX shell reads it: between single quotes nothing but the quote itself means anything. */
export const shellWord = (text: string): string =>
  /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** tar leaves out what a pattern matches: this one matches the name alone. */
const literal = (name: string): string => name.replaceAll(/[\\*?[\]]/g, "\\$&");

/** A folder of what has to be kept, and its name in the folder above. */
const places = (dataDir: string): readonly [above: string, name: string] => {
  const at = dataDir.lastIndexOf("/");
  return [at <= 0 ? "/" : dataDir.slice(0, at), dataDir.slice(at + 1)];
};

/** Data without the master key, which is kept apart from it: the one that holds, and one that was left behind where it is by default. */
export function backupCommands(dataDir: string, masterKeyFile: string): string {
  const [above, name] = places(dataDir);
  const inside = masterKeyFile.startsWith(`${dataDir}/`) ? masterKeyFile.slice(dataDir.length + 1) : null;
  const kept = [...new Set(["master.key", ...(inside === null ? [] : [inside])])];
  const excluded = kept.map((file) => `--exclude=${shellWord(literal(`${name}/${file}`))}`).join(" ");
  const file = `mosis-$(date +%F).tar.gz`;
  return [
    "# stop the store",
    `tar -C ${shellWord(above)} ${excluded} -czf /media/backup/${file} ${shellWord(name)}`,
    "# start the store",
    `install -m 0400 ${shellWord(masterKeyFile)} /media/safe/mosis-master.key`,
    `cmp ${shellWord(masterKeyFile)} /media/safe/mosis-master.key`,
    `tar -tzf /media/backup/${file} | grep mosis.db`,
  ].join("\n");
}

/** The keys of the root go to a machine without a network. */
export function offlineCommands(dataDir: string): string {
  const data = shellWord(dataDir);
  return [
    "# on a machine without a network",
    "mosis admin keys init --offline ./offline",
    "# on this machine, with public-keys.json of the other one",
    `mosis admin keys export-request --offline-keys public-keys.json --out request.json --data ${data}`,
    "# on the other machine",
    "mosis admin keys sign-request request.json --offline ./offline --out signed.json",
    "# on this machine again",
    `mosis admin keys import signed.json --data ${data}`,
  ].join("\n");
}
