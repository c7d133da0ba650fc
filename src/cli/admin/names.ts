/** Several names in one option, with commas. Which of them there are, the store says. */
export function names(text: string): readonly string[] {
  const list = text.split(",").map((name) => name.trim());
  if (list.some((name) => name === "")) throw new Error("names are joined by commas, such as a,b");
  return list;
}
