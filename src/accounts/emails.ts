/** Addresses of mail, as they are compared and as they may look. Pure. */
import type { ProblemDetail } from "../errors.ts";

/** One @, no spaces or control characters, a dot or nothing more is asked: only a mail can prove an address. */
const PATTERN = /^[^\s@<>"\p{Cc}\p{Cf}]{1,64}@[^\s@<>"\p{Cc}\p{Cf}]{1,189}$/u;

const EMAIL_EXPECTED = "An address looks like name@example.org.";

/** The address as it must be unique. */
export function emailKeyOf(email: string): string {
  return plainEmail(email).toLowerCase();
}

/** As it is kept. */
export function plainEmail(email: string): string {
  return email.trim().normalize("NFC");
}

export function isEmail(text: string): boolean {
  return PATTERN.test(text.trim());
}

/** What is wrong with a field for an address: one detail, or none. */
export function emailFaults(email: string): ProblemDetail[] {
  return isEmail(email) ? [] : [{ code: "account.email", pointer: "/email", message: EMAIL_EXPECTED }];
}

/** What stands behind the @, in lower case. */
export function domainOf(email: string): string {
  return emailKeyOf(email).split("@")[1] ?? "";
}
