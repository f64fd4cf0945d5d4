// Owns making text of what a guest printed: bytes of a terminal, from somebody who is not trusted.
// Must not be used for the console itself; a terminal wants the bytes.

/** Without escape sequences and control characters; line ends stay. */
export function plainText(printed: string): string {
  return (
    printed
      // oxlint-disable-next-line no-control-regex -- escape sequences are control characters
      .replaceAll(/\u001B(?:\[[0-9;?=>]*[A-Za-z@`~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[()][A-Z0-9]|.)/g, '')
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '')
  );
}
