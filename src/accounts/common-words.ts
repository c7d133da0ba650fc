/**
 * What people make passwords of where they have to change them, beside what leaked lists have: the time of the year, the place
 * that they work at, and phrases that everybody knows. Small letters; the most common first.
 */

const SEASONS =
  "spring summer autumn winter fall fruehling frühling fruhling sommer herbst printemps été automne hiver primavera verano otoño otono invierno estate autunno inverno verao verão outono lente zomer herfst wiosna lato jesien zima vesna leto osen";
const MONTHS =
  "january february march april june july august september october november december januar februar märz maerz juni juli oktober dezember janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre decembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro januari februari maart augustus";
const DAYS =
  "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo";
const WORK =
  "company password passwort kennwort welcome willkommen bienvenue bienvenido admin administrator office firma business enterprise corporate corp team staff employee support helpdesk service server system store appstore mosis login signin access account user manager developer reviewer publisher production staging secret changeme change temporary default initial internet computer security secure";

export const COMMON_WORDS: readonly string[] = [WORK, SEASONS, MONTHS, DAYS].flatMap((words) =>
  words.split(" "),
);

/** Letters alone, as a password is compared. */
export const COMMON_PHRASES: readonly string[] = [
  "correct horse battery staple",
  "this is my password",
  "this is a password",
  "this is the password",
  "this is not a password",
  "this is my secret password",
  "my password is password",
  "my password is secure",
  "my secret password",
  "password is password",
  "i forgot my password",
  "i hate passwords",
  "let me in please",
  "please let me in",
  "open sesame",
  "may the force be with you",
  "the force be with you",
  "to be or not to be",
  "to be or not to be that is the question",
  "the quick brown fox",
  "the quick brown fox jumps",
  "the quick brown fox jumps over the lazy dog",
  "live long and prosper",
  "winter is coming",
  "one ring to rule them all",
  "you shall not pass",
  "hello world hello world",
  "i love you so much",
  "i love my family",
  "i love my wife",
  "i love my husband",
  "i love my dog",
  "i love my cat",
  "god is good all the time",
  "jesus is my savior",
  "in god we trust",
  "ask me no questions",
  "make america great again",
  "i am your father",
  "elementary my dear watson",
  "houston we have a problem",
  "all your base are belong to us",
  "never gonna give you up",
  "twinkle twinkle little star",
  "happy birthday to you",
  "merry christmas and a happy new year",
  "a few unrelated words",
  "four random words",
  "lorem ipsum dolor sit amet",
  "supercalifragilisticexpialidocious",
  "ich liebe dich",
  "das ist mein passwort",
  "mein passwort ist sicher",
  "je t aime",
  "mot de passe",
  "te quiero mucho",
].map((phrase) => phrase.replaceAll(" ", ""));
