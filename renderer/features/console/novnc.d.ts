// noVNC 1.7 exports its client as the package itself; the published types still name a path of version 1.4.
declare module '@novnc/novnc' {
  import type { VncClient } from './vnc-session.ts';
  const RFB: new (target: HTMLElement, channel: object, options?: { readonly shared?: boolean }) => VncClient;
  export default RFB;
}
