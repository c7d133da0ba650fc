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

/** "Password", "my", "hard", "secret", "welcome", "hello", "I love you", "enter", "friend" and their like; a line for each language. */
const ELSEWHERE = `
passwort kennwort geheim geheimnis mein meine schwierig schwer sicher sicheres starkes hallo willkommen liebe schatz anmelden zugang benutzer testen fussball
motdepasse passe secret mon ma difficile compliqué fort bonjour bienvenue amour soleil chouchou connexion accès utilisateur administrateur essai
contraseña clave secreta secreto mi difícil segura seguro fuerte hola bienvenidos amor teamo tequiero corazón estrella acceso usuario administrador prueba entrar
parola chiave segreta mia password difficile sicura ciao benvenuto amore tiamo accesso utente amministratore prova
senha chave minha secreta difícil segura forte olá bemvindo amor teamo acesso usuário administrador teste entrar
wachtwoord geheim mijn moeilijk veilig sterk hallo welkom liefde toegang gebruiker beheerder
hasło tajne moje trudne silne bezpieczne cześć witaj kocham kochanie dostęp użytkownik polska
heslo tajné moje těžké silné ahoj vítejte láska přístup uživatel správce
lösenord hemligt mitt svårt säkert hej välkommen kärlek sommar användare
passord adgangskode hemmelig mitt svært sikkert velkommen kjærlighet elsker bruger bruker
salasana salainen minun vaikea vahva terve tervetuloa rakkaus käyttäjä
jelszó titkos nehéz erős szia üdvözlöm szeretlek felhasználó
parola secret mea grea puternică salut bunvenit iubire dragoste utilizator
şifre parola gizli benim zor güçlü merhaba hoşgeldiniz aşkım seviyorum kullanıcı yönetici
пароль секрет секретный тайный мой моя сложный трудный надежный сильный новый простой привет здравствуйте добро пожаловать любовь люблю люблютебя солнышко вход доступ пользователь админ администратор магазин компания работа тест россия москва
пароль секрет мій моя складний надійний сильний привіт вітаю кохання люблю сонечко вхід доступ користувач адмін україна
лозинка парола šifra lozinka тајна moja моја сигурна zdravo љубав ljubav korisnik
κωδικός συνθηματικό μυστικό μου δύσκολος ισχυρός γεια καλημέρα καλωσήρθατε αγάπη σαγαπώ χρήστης ελλάδα
كلمة المرور مرور السر سر كلمةالمرور كلمةالسر سرية قوية صعبة مرحبا أهلا السلام عليكم حبيبي حبيبتي أحبك الله محمد دخول مستخدم مدير متجر شركة
סיסמה סיסמא סוד סודית שלי קשה חזקה שלום ברוכים הבאים אהבה משתמש מנהל
رمز عبور رمزعبور گذرواژه مخفی من سخت قوی سلام خوش آمدید عشق دوستت دارم کاربر مدیر
katasandi sandi rahasia saya sulit kuat halo selamat datang sayang cinta pengguna matkhau mật khẩu bímật xinchào chàomừng
密码 我的 我的密码 秘密 复杂 安全 你好 欢迎 我爱你 登录 用户 管理员 公司 密碼 歡迎 パスワード ぱすわーど 秘密 私の 難しい こんにちは ようこそ 愛してる 管理者 비밀번호 비밀 나의 내 어려운 안녕하세요 환영합니다 사랑해 관리자
`;

/** As they are typed where the keyboard has no marks on letters, too. */
export const COMMON_WORDS: readonly string[] = [
  ...new Set(
    [WORK, SEASONS, MONTHS, DAYS, ELSEWHERE]
      .flatMap((words) => words.split(/\s+/).filter((word) => word !== ""))
      .flatMap((word) => [word.normalize("NFC"), withoutMarks(word)]),
  ),
];

/** "ñ" as "n": in the letters that Unicode takes apart (NFKD). */
export function withoutMarks(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFC");
}

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
