// Owns which words the editor needs; the features take them from the catalogue `yaml`.
// Must not hold any text.

export type YamlWord =
  | 'save'
  | 'reset'
  | 'download'
  | 'saved'
  | 'unsaved'
  | 'refused'
  | 'notOneDocument'
  | 'changed.title'
  | 'changed.body'
  | 'compare'
  | 'compareTitle'
  | 'stored'
  | 'yours'
  | 'keepYours'
  | 'takeStored'
  | 'back';

/** `t` of the namespace `yaml`. */
export type YamlWords = (key: YamlWord, values?: Readonly<Record<string, string | number>>) => string;

/** CodeMirror's own English phrases and what to say instead. */
export type EditorPhrases = Readonly<Record<string, string>>;
