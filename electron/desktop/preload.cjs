// @ts-check
// Owns the one function that the page is given: connect(), which brings it a MessagePort to the core.
// Must not expose anything else. Plain CommonJS: a sandboxed preload knows neither ES modules nor TypeScript.
const { contextBridge, ipcRenderer } = require('electron');

contextBridge.exposeInMainWorld('virtdeck', {
  connect() {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage('virtdeck-connect', null, [port2]);
    // A port cannot cross the context bridge as a return value; the page takes it from this message.
    window.postMessage('virtdeck-port', window.location.origin, [port1]);
  },
});
