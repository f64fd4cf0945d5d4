// Owns a button that reads a text file chosen by the user.
// Must not send it anywhere.
import { Button } from '@patternfly/react-core';
import { useRef } from 'react';

export interface FileButtonProps {
  readonly label: string;
  readonly accept: string;
  readonly onText: (text: string) => void;
}

export function FileButton({ label, accept, onText }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const read = async (files: FileList | null): Promise<void> => {
    const [file] = files ?? [];
    if (file !== undefined) onText(await file.text());
    // The same file again is a change again.
    if (input.current !== null) input.current.value = '';
  };
  return (
    <>
      <Button variant="secondary" onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input ref={input} type="file" accept={accept} hidden aria-label={label} onChange={(event) => void read(event.target.files)} />
    </>
  );
}
