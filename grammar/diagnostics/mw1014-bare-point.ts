import type { DiagnosticKind } from './diagnostic.ts';

export const barePoint: DiagnosticKind = {
  code: 'MW1014',
  title: 'A number without a digit beside its point',
  severity: 'error',
  what: 'A number has a digit on both sides of its point, so that `0..7` is a range and nothing else.',
  wrong: 'let half = .5',
  right: 'let half = 0.5',
};
