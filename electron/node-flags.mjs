// Owns the flags of Node 24 under which a core runs. Plain JavaScript: the launcher reads it on any Node from 20 on.
// Must not hold what Node 24 does not know: it would refuse to start.

export const nodeFlags = [
  // Saves 10 MB: the core keeps little and lives for weeks.
  '--max-semi-space-size=1',
  // Loading 600 modules makes Node's own loader look hot, and compiling it brings 8 MB of compilers into memory for code that never
  // runs again. What the core does all day reaches these counts too and is compiled then.
  '--invocation-count-for-maglev=500000',
  '--invocation-count-for-turbofan=1000000',
  '--disable-warning=ExperimentalWarning',
];
