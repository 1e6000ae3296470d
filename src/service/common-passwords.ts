/** What people begin with when they are asked for a long password. */
const WORDS = [
  ...['password', 'passwort', 'passphrase', 'secret', 'welcome', 'letmein', 'changeme', 'default', 'admin'],
  ...['administrator', 'adminadmin', 'root', 'superuser', 'manager', 'operator', 'owner', 'master', 'login'],
  ...['access', 'server', 'system', 'network', 'internet', 'computer', 'office', 'company', 'security'],
  ...[
    'roster',
    'directory',
    'identity',
    'scim',
    'console',
    'okta',
    'azure',
    'microsoft',
    'google',
    'windows',
  ],
  ...[
    'iloveyou',
    'sunshine',
    'princess',
    'football',
    'baseball',
    'basketball',
    'superman',
    'batman',
    'dragon',
  ],
  ...[
    'monkey',
    'shadow',
    'michael',
    'jordan',
    'hunter',
    'charlie',
    'freedom',
    'whatever',
    'trustno',
    'starwars',
  ],
  ...['pokemon', 'summer', 'winter', 'spring', 'autumn', 'monday', 'friday', 'january', 'december', 'hello'],
  ...['helloworld', 'test', 'testing', 'temp', 'temporary', 'guest', 'demo', 'example', 'user', 'qwerty'],
  ...['qwertyuiop', 'asdfgh', 'asdfghjkl', 'zxcvbnm', 'azerty', 'qwertz', 'abc', 'abcdef', 'love', 'money'],
  ...['chelsea', 'arsenal', 'liverpool', 'barcelona', 'america', 'london', 'berlin', 'chocolate', 'cookie'],
  ...['correcthorsebatterystaple', 'mypassword', 'thisismypassword', 'newpassword', 'yourpassword'],
];

/** Rows of keyboards, and what is counted. */
const WALKS = [
  ...['1234567890', '0987654321', 'abcdefghijklmnopqrstuvwxyz', 'zyxwvutsrqponmlkjihgfedcba'],
  ...['qwertyuiopasdfghjklzxcvbnm', 'qwertzuiopasdfghjklyxcvbnm', 'azertyuiopqsdfghjklmwxcvbn'],
  ...[
    '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
    'qazwsxedcrfvtgbyhnujmikolp',
    '1q2w3e4r5t6y7u8i9o0p',
    'q1w2e3r4t5y6u7i8o9p0',
  ],
  ...[
    'asdfghjkl',
    'zxcvbnm',
    'qweasdzxc',
    '147258369',
    '741852963',
    '123qweasdzxc',
    'qwerty123456',
    'abc123',
  ],
];

/** Signs that stand for letters in the passwords of people who have been told to use other signs. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: '[a4@]',
  b: '[b8]',
  e: '[e3]',
  g: '[g9]',
  i: '[i1!|]',
  l: '[l1|]',
  o: '[o0]',
  s: '[s5$]',
  t: '[t7+]',
};

const spelled = (word: string): string => [...word].map((letter) => LOOKALIKES[letter] ?? letter).join('');

/** Up to three of the words, with numbers and years around them. */
const WORDS_AND_NUMBERS = new RegExp(`^\\d{0,10}(?:(?:${WORDS.map(spelled).join('|')})\\d{0,10}){1,3}$`);

const LEAST_DISTINCT = 5;
const LONGEST_PERIOD = 8;

/**
 * Whether a password is one that is tried first: up to three of the words that people choose most, with years and numbers, a
 * walk over the keyboard, or something short again and again, also with other signs in the place of letters.
 */
export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFKC').toLowerCase();
  // what is put between the words, and behind them, makes nothing harder to guess
  const signs = folded.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$|[\s._,;:/-]+/gu, '');
  const letters = folded.replace(/[^\p{L}\p{N}]+/gu, '');
  return (
    [signs, letters].some((text) => WORDS_AND_NUMBERS.test(text)) || isRepeated(letters) || isWalk(letters)
  );
}

/** Few letters, or up to eight of them once and again; the last time may be cut off. */
function isRepeated(text: string): boolean {
  if (new Set(text).size < LEAST_DISTINCT) return true;
  for (let length = 1; length <= LONGEST_PERIOD; length++) {
    const repeated = text.slice(0, length).repeat(Math.ceil(text.length / length));
    if (text === repeated.slice(0, text.length)) return true;
  }
  return false;
}

const isWalk = (text: string): boolean =>
  WALKS.some((walk) => {
    const forth = walk.repeat(1 + Math.ceil(text.length / walk.length));
    return forth.includes(text) || [...forth].reverse().join('').includes(text);
  });
