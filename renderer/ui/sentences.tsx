// Owns handing out how a sentence of the core is said in the window's language.
// Must not know any sentence; the app gives the translation.
import { createContext, type ReactNode, useContext } from 'react';

export type Say = (sentence: string) => string;

const asItIs: Say = (sentence) => sentence;
const SentencesContext = createContext<Say>(asItIs);

export function SentencesProvider({ say, children }: { readonly say: Say; readonly children: ReactNode }) {
  return <SentencesContext value={say}>{children}</SentencesContext>;
}

/** A sentence that nobody has translated stays English. */
export function useSentences(): Say {
  return useContext(SentencesContext);
}
