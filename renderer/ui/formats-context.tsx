// Owns handing the formats of the window's language to every component.
// Must not choose the language.
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { createFormats, type Formats } from './formats.ts';

const FormatsContext = createContext<Formats | undefined>(undefined);

export function FormatsProvider({ language, children }: { readonly language: string; readonly children: ReactNode }) {
  const formats = useMemo(() => createFormats(language), [language]);
  return <FormatsContext value={formats}>{children}</FormatsContext>;
}

export function useFormats(): Formats {
  const formats = useContext(FormatsContext);
  if (formats === undefined) throw new Error('No FormatsProvider above this component.');
  return formats;
}
