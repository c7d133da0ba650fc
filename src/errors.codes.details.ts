/** Codes that stand only in the `errors` list of an answer: each says what is wrong with one part of the input. */
export type DetailCode = { readonly meaning: string; readonly remedy: string };

const NAME_REMEDY =
  "Follow the message: it says how long it may be, or which character may not stand in it and where that is. The rule is “What a name may be” in the administrator's guide.";

export const DETAIL_CODES: Readonly<Record<string, DetailCode>> = {
  "account.current_password": {
    meaning: "The present password that was given is not the account's.",
    remedy: "Type the password that you sign in with.",
  },
  "account.email": {
    meaning: "The e-mail address cannot be taken.",
    remedy:
      "Use one address, such as name@example.org, that every mail server takes: the message says which part of it is not.",
  },
  "account.language": {
    meaning: "The store has no pages in the language that was asked for.",
    remedy: "Choose one that the message names.",
  },
  "account.time_zone": {
    meaning: "There is no time zone of the name that was given.",
    remedy: "Give a name of the IANA time zone database, such as Europe/Berlin or UTC; an offset is none.",
  },
  "account.name": {
    meaning: "The person's name cannot be taken.",
    remedy: NAME_REMEDY,
  },
  "account.password": {
    meaning: "The password is too short, too long or too easily guessed.",
    remedy: "Use a longer one; the message says what is missing.",
  },
  "publisher.claims": {
    meaning: "A claim of a trusted publisher cannot be taken, or one is missing.",
    remedy: "Follow what the message asks for.",
  },
  "publisher.issuer": {
    meaning: "The store trusts no such CI server.",
    remedy: "Choose one that the message names; the store's administrator adds others.",
  },
  "trusted.claim": {
    meaning: "Something that the identity token says of the job, for comparison.",
    remedy: "Compare it with what the app's trusted publisher must have.",
  },
  "apikey.actions": {
    meaning: "An action that the API key cannot be given, or none at all.",
    remedy: "Name actions of the page of rights that the key’s owner may do, and the key that makes it too.",
  },
  "apikey.apps": {
    meaning: "An app that the API key cannot be for.",
    remedy: "Name apps of the organisation, or such as the person sees.",
  },
  "apikey.days": {
    meaning: "An API key cannot live for so long.",
    remedy: "Ask for a number of days that the message allows.",
  },
  "apikey.overlap": {
    meaning: "The old token cannot go on working for so long.",
    remedy: "Ask for a number of hours that the message allows.",
  },
  "apikey.name": {
    meaning: "The API key's name cannot be taken.",
    remedy: NAME_REMEDY,
  },
  "factor.name": {
    meaning: "The name of a second factor cannot be taken.",
    remedy: NAME_REMEDY,
  },
  "provider.cause": {
    meaning: "The provider's or the system's own word for what went wrong.",
    remedy: "Look it up with the provider: RFC 6749 and OpenID Connect Core list most of them.",
  },
  "device.reason": {
    meaning: "The reason of a device's revocation cannot be taken.",
    remedy: "Follow the limits that the message names.",
  },
  "device.text": {
    meaning: "What a device is called or says of itself cannot be taken.",
    remedy: NAME_REMEDY,
  },
  "enrolment.groups": {
    meaning: "An enrolment code cannot put devices into so many groups.",
    remedy: "Name fewer.",
  },
  "enrolment.hours": {
    meaning: "An enrolment code cannot live for so long.",
    remedy: "Ask for a number of hours that the message allows.",
  },
  "enrolment.label": {
    meaning: "The enrolment code's label cannot be taken.",
    remedy: NAME_REMEDY,
  },
  "enrolment.uses": {
    meaning: "An enrolment code cannot be for so many devices.",
    remedy: "Ask for a number that the message allows.",
  },
  "store.said": {
    meaning: "What a store answered, in its own words.",
    remedy: "Tell its administrator.",
  },
  "store.time": {
    meaning: "The time in the store, where what a device signed was of another one.",
    remedy: "Set the device's clock by it.",
  },
  "category.description": {
    meaning: "A description of the category cannot be taken.",
    remedy: "Follow the limits that the message names.",
  },
  "category.icon": {
    meaning: "There is no such icon for categories.",
    remedy: "Use one that the message names.",
  },
  "category.id": {
    meaning: "The id is none that manifests can say, or another category has it.",
    remedy: "Use 1 to 32 small letters, digits and hyphens that no other category has.",
  },
  "category.name": {
    meaning: "A name of the category cannot be taken, or none is there.",
    remedy: `${NAME_REMEDY} Give one in one language at least.`,
  },
  "collection.description": {
    meaning: "A description of the collection cannot be taken.",
    remedy: "Follow the limits that the message names.",
  },
  "collection.id": {
    meaning: "The id cannot be part of an address, or another collection has it.",
    remedy: "Use 1 to 50 small letters, digits and hyphens that no other collection has.",
  },
  "collection.name": {
    meaning: "A name of the collection cannot be taken, or none is there.",
    remedy: `${NAME_REMEDY} Give one in one language at least.`,
  },
  "collection.time": {
    meaning: "When the collection is shown cannot be: a time is none, or the end is not after the beginning.",
    remedy: "Give times as the message says, the end after the beginning, or leave them out.",
  },
  "group.description": {
    meaning: "The group's description cannot be taken.",
    remedy: "Follow the limits that the message names.",
  },
  "group.name": {
    meaning: "The group's name cannot be taken, or is another group's or looks like it.",
    remedy: `${NAME_REMEDY} Choose a name that nobody takes for another group's.`,
  },
  "field.invalid": {
    meaning: "The value is not of the documented form.",
    remedy: "Compare found with expected.",
  },
  "field.repeated": { meaning: "The parameter stands there twice.", remedy: "Send it once." },
  "field.required": { meaning: "A required field is missing.", remedy: "Send the field that pointer names." },
  "field.unknown": {
    meaning: "There is no such field; unknown ones are refused, so that a slip is not overlooked.",
    remedy: "Check its spelling.",
  },
  "method.allowed": {
    meaning: "These are the methods that the address takes.",
    remedy: "Use one of them.",
  },
  "organisation.name": {
    meaning: "The organisation's name cannot be taken.",
    remedy: NAME_REMEDY,
  },
  "precondition.present": {
    meaning:
      "The state that is there by now: its ETag, as If-Match takes it; of a setting or a step of setting up what `seen` takes, and without `expected` that nothing is set.",
    remedy: "Read that state, decide again, and send this.",
  },
  "rate.policy": {
    meaning:
      "The name of a limit that was reached, as the RateLimit header has it, and its quota and window.",
    remedy: "Send fewer requests that count against it.",
  },
  "retry.after": {
    meaning: "How many seconds to wait before the next try.",
    remedy: "Wait that long; Retry-After says the same.",
  },
  "rights.action": {
    meaning: "This is the action that was refused, by its name in the table of rights.",
    remedy: "Look up who may do it on the page of rights.",
  },
  "setup.store_name": {
    meaning: "The store's name cannot be taken.",
    remedy: NAME_REMEDY,
  },
};
