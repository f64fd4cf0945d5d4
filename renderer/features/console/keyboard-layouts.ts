// Owns which key of a guest's keyboard layout makes which character: what is printed on the keys, no rarer third levels.
// Must not know how keys are sent.

export type KeyboardLayoutId = 'us' | 'uk' | 'de' | 'de-ch' | 'fr' | 'es' | 'it' | 'pt-br' | 'sv' | 'ja';

/** One string a keyboard row; a blank is a key that makes nothing on that level. */
export type Rows = readonly [digits: string, upper: string, home: string, lower: string];

export interface KeyboardLayout {
  readonly id: KeyboardLayoutId;
  /** In its own language, as people look for it. */
  readonly name: string;
  readonly plain: Rows;
  readonly shift: Rows;
  readonly altGr: Rows;
  /** Accents that wait for the next key, as `level:character`. */
  readonly dead: readonly string[];
}

/** KeyboardEvent.code of every key of `Rows`, in their order. */
export const keyRows: readonly (readonly string[])[] = [
  ['Backquote', ...Array.from('1234567890', (digit) => `Digit${digit}`), 'Minus', 'Equal'],
  [...Array.from('QWERTYUIOP', (letter) => `Key${letter}`), 'BracketLeft', 'BracketRight'],
  [...Array.from('ASDFGHJKL', (letter) => `Key${letter}`), 'Semicolon', 'Quote', 'Backslash'],
  ['IntlBackslash', ...Array.from('ZXCVBNM', (letter) => `Key${letter}`), 'Comma', 'Period', 'Slash', 'IntlRo', 'IntlYen'],
];

const none: Rows = ['', '', '', ''];

export const keyboardLayouts: readonly KeyboardLayout[] = [
  {
    id: 'us',
    name: 'English (US)',
    plain: ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'\\", ' zxcvbnm,./'],
    shift: ['~!@#$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:"|', ' ZXCVBNM<>?'],
    altGr: none,
    dead: [],
  },
  {
    id: 'uk',
    name: 'English (UK)',
    plain: ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'#", '\\zxcvbnm,./'],
    shift: ['¬!"£$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:@~', '|ZXCVBNM<>?'],
    altGr: ['    €', '', '', ''],
    dead: [],
  },
  {
    id: 'de',
    name: 'Deutsch',
    plain: ['^1234567890ß´', 'qwertzuiopü+', 'asdfghjklöä#', '<yxcvbnm,.-'],
    shift: ['°!"§$%&/()=?`', 'QWERTZUIOPÜ*', "ASDFGHJKLÖÄ'", '>YXCVBNM;:_'],
    altGr: ['  ²³   {[]}\\', '@ €        ~', '', '|      µ'],
    dead: ['plain:^', 'plain:´', 'shift:`'],
  },
  {
    id: 'de-ch',
    name: 'Deutsch (Schweiz)',
    plain: ["§1234567890'^", 'qwertzuiopü¨', 'asdfghjklöä$', '<yxcvbnm,.-'],
    shift: ['°+"*ç%&/()=?`', 'QWERTZUIOPè!', 'ASDFGHJKLéà£', '>YXCVBNM;:_'],
    altGr: ['  @#   |¢  ´~', '  €       []', '          {}', '\\'],
    dead: ['plain:^', 'plain:¨', 'shift:`', 'altGr:´', 'altGr:~'],
  },
  {
    id: 'fr',
    name: 'Français',
    plain: ['²&é"\'(-è_çà)=', 'azertyuiop^$', 'qsdfghjklmù*', '<wxcvbn,;:!'],
    shift: [' 1234567890°+', 'AZERTYUIOP¨£', 'QSDFGHJKLM%µ', '>WXCVBN?./§'],
    altGr: ['  ~#{[|`\\^@]}', '  €        ¤', '', ''],
    dead: ['plain:^', 'shift:¨'],
  },
  {
    id: 'es',
    name: 'Español',
    plain: ["º1234567890'¡", 'qwertyuiop`+', 'asdfghjklñ´ç', '<zxcvbnm,.-'],
    shift: ['ª!"·$%&/()=?¿', 'QWERTYUIOP^*', 'ASDFGHJKLÑ¨Ç', '>ZXCVBNM;:_'],
    altGr: ['\\|@#~ ¬', '  €       []', '          {}', ''],
    dead: ['plain:`', 'plain:´', 'shift:^', 'shift:¨', 'altGr:~'],
  },
  {
    id: 'it',
    name: 'Italiano',
    plain: ["\\1234567890'ì", 'qwertyuiopè+', 'asdfghjklòàù', '<zxcvbnm,.-'],
    shift: ['|!"£$%&/()=?^', 'QWERTYUIOPé*', 'ASDFGHJKLç°§', '>ZXCVBNM;:_'],
    altGr: ['       {  }`~', '  €       []', '         @#', ''],
    dead: [],
  },
  {
    id: 'pt-br',
    name: 'Português (Brasil)',
    plain: ["'1234567890-=", 'qwertyuiop´[', 'asdfghjklç~]', '\\zxcvbnm,.;/'],
    shift: ['"!@#$%¨&*()_+', 'QWERTYUIOP`{', 'ASDFGHJKLÇ^}', '|ZXCVBNM<>:?'],
    altGr: [' ¹²³£¢¬     §', '/?         ª', '           º', ''],
    dead: ['plain:´', 'plain:~', 'shift:`', 'shift:^', 'shift:¨'],
  },
  {
    id: 'sv',
    name: 'Svenska',
    plain: ['§1234567890+´', 'qwertyuiopå¨', "asdfghjklöä'", '<zxcvbnm,.-'],
    shift: ['½!"#¤%&/()=?`', 'QWERTYUIOPÅ^', 'ASDFGHJKLÖÄ*', '>ZXCVBNM;:_'],
    altGr: ['  @£$  {[]}\\', '  €        ~', '', '|      µ'],
    dead: ['plain:´', 'plain:¨', 'shift:`', 'shift:^', 'altGr:~'],
  },
  {
    id: 'ja',
    name: '日本語',
    plain: [' 1234567890-^', 'qwertyuiop@[', 'asdfghjkl;:]', ' zxcvbnm,./\\'],
    shift: [' !"#$%&\'() =~', 'QWERTYUIOP`{', 'ASDFGHJKL+*}', ' ZXCVBNM<>?_|'],
    altGr: none,
    dead: [],
  },
];

export function keyboardLayout(id: KeyboardLayoutId): KeyboardLayout {
  return keyboardLayouts.find((layout) => layout.id === id) ?? keyboardLayouts[0]!;
}
