/** How the command line ends: 0 done · 1 the recipe, an input or an expectation is at fault · 2 usage · 3 the machine · 130 cancelled. */
export const exitCode = { done: 0, fault: 1, usage: 2, machine: 3, cancelled: 130 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
