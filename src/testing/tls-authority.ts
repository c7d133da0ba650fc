/** Certificates of a server, from an authority as companies have one of their own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type TlsAuthority = {
  /** PEM, and the file that holds it. */
  readonly ca: string;
  readonly caFile: string;
  /** For these names; numbers are addresses. */
  certify(names: readonly string[]): { readonly cert: string; readonly key: string };
  remove(): void;
};

/** An authority as a company has it, made with openssl. */
export function makeTlsAuthority(): TlsAuthority {
  const folder = mkdtempSync(join(tmpdir(), "mosis-tls-"));
  const caFile = join(folder, "ca.pem");
  const caKey = join(folder, "ca.key");
  const made = (args: readonly string[]) => {
    const { exitCode, stderr } = Bun.spawnSync(["openssl", ...args], { stderr: "pipe" });
    if (exitCode !== 0) throw new Error(stderr.toString());
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  made([
    ...["req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=TLS test", "-keyout", caKey, "-out", caFile],
    ...["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"],
  ]);
  let count = 0;
  return {
    ca: readFileSync(caFile, "utf8"),
    caFile,
    certify(names) {
      count += 1;
      const [key, request, cert, extensions] = ["key", "csr", "pem", "ext"].map((ending) =>
        join(folder, `${count}.${ending}`),
      ) as [string, string, string, string];
      const alternatives = names.map((name) => `${/^\d/.test(name) ? "IP" : "DNS"}:${name}`).join(",");
      writeFileSync(extensions, `subjectAltName=${alternatives}\n`);
      made(["req", ...newKey, "-subj", "/CN=server", "-keyout", key, "-out", request]);
      made([
        ...["x509", "-req", "-in", request, "-CA", caFile, "-CAkey", caKey, "-CAcreateserial"],
        ...["-days", "2", "-extfile", extensions, "-out", cert],
      ]);
      return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
