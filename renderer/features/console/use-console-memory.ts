// Owns the consoles' memory in a component.
// Must not know what is remembered.
import { useCallback, useState } from 'react';
import { type ConsoleMemory, keepMemory, readMemory } from './console-memory.ts';

export function useConsoleMemory(): readonly [ConsoleMemory, (change: Partial<ConsoleMemory>) => void] {
  const [memory, setMemory] = useState(() => readMemory(localStorage, navigator.languages));
  const change = useCallback((part: Partial<ConsoleMemory>) => {
    setMemory((last) => {
      const next = { ...last, ...part };
      keepMemory(localStorage, next);
      return next;
    });
  }, []);
  return [memory, change];
}
