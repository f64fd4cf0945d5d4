// Owns the words for what is done when a guest hangs or panics, as the field and our annotations say them.
// Must not say what a machine asks for; core reads that.

/** What KubeVirt's field can say. */
export const watchdogFieldActions = ['poweroff', 'reset', 'shutdown'] as const;
/** QEMU's WatchdogAction without `debug`, which prints and does nothing. */
export const watchdogActions = [...watchdogFieldActions, 'pause', 'inject-nmi', 'none'] as const;
export type WatchdogAction = (typeof watchdogActions)[number];

/** A guest that panicked hears no power button and no NMI. */
export const panicActions = ['poweroff', 'reset', 'pause', 'none'] as const;
export type PanicAction = (typeof panicActions)[number];
