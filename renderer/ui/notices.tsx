// Owns what the window has to say: toasts, and the list of them that the drawer shows.
// Must not take an error away before it is closed by hand.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

export interface NoticeCause {
  readonly field?: string;
  readonly message: string;
  readonly fix?: string;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Notice {
  readonly id: number;
  readonly variant: 'success' | 'info' | 'warning' | 'danger';
  readonly title: string;
  readonly body?: string;
  readonly causes?: readonly NoticeCause[];
  /** Names what it is about, to close it when that is over. */
  readonly tag?: string;
  /** A button on the toast; it closes it. The drawer has none. */
  readonly action?: NoticeAction;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Still to be seen as a toast. */
  readonly fresh: boolean;
}

export type NewNotice = Pick<Notice, 'tag' | 'variant' | 'title' | 'body' | 'causes' | 'action'>;

export interface Notices {
  readonly list: readonly Notice[];
  readonly add: (notice: NewNotice) => void;
  /** An error of the API or any other: its message, and its causes with their fixes. */
  readonly fail: (title: string, error: unknown) => void;
  /** Closes the toast; the drawer still has it. */
  readonly close: (id: number) => void;
  readonly closeTagged: (tag: string) => void;
  readonly clear: () => void;
}

const NoticesContext = createContext<Notices | undefined>(undefined);
const kept = 100;

export function NoticesProvider({ children }: { readonly children: ReactNode }) {
  const [list, setList] = useState<readonly Notice[]>([]);
  const add = useCallback((notice: NewNotice) => {
    setList((last) => [{ ...notice, id: (last[0]?.id ?? 0) + 1, at: Date.now(), fresh: true }, ...last].slice(0, kept));
  }, []);
  const fail = useCallback((title: string, error: unknown) => add({ variant: 'danger', title, ...failureOf(error) }), [add]);
  const close = useCallback((id: number) => {
    setList((last) => last.map((notice) => (notice.id === id ? { ...notice, fresh: false } : notice)));
  }, []);
  const closeTagged = useCallback((tag: string) => {
    setList((last) => last.map((notice) => (notice.tag === tag ? { ...notice, fresh: false } : notice)));
  }, []);
  const clear = useCallback(() => setList([]), []);
  const notices = useMemo(() => ({ list, add, fail, close, closeTagged, clear }), [list, add, fail, close, closeTagged, clear]);
  return <NoticesContext value={notices}>{children}</NoticesContext>;
}

export function useNotices(): Notices {
  const notices = useContext(NoticesContext);
  if (notices === undefined) throw new Error('No NoticesProvider above this component.');
  return notices;
}

export interface Failure {
  readonly body: string;
  readonly causes?: readonly NoticeCause[];
}

/** Words of an error. A single cause that repeats the message is not said twice. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { body: String(error) };
  const causes = 'causes' in error && Array.isArray(error.causes) ? (error.causes as readonly NoticeCause[]) : [];
  return causes.length === 0 ? { body: error.message } : { body: error.message, causes };
}
