import type { DiagnosticKind, Severity } from '../../grammar/diagnostics/diagnostic.ts';

/**
 * Whose fault it is, as far as an exit code can say: `input` (exit 1) is the recipe, a checkpoint or the output's place;
 * `machine` (exit 3) is a full disk, a refused write, a lost device.
 */
export type ExitClass = 'input' | 'machine';

/** One entry of the engine's registry of faults: a diagnostic's page and the class of its exit code. */
export interface FaultKind extends DiagnosticKind {
  readonly exit: ExitClass;
}

/** What a user is told when files or the machine stand in the way. Plain data: it crosses processes as it is. */
export interface Fault {
  readonly code: FaultKind['code'];
  readonly severity: Severity;
  readonly exit: ExitClass;
  /** One sentence with the names and figures of the case. */
  readonly message: string;
  /** The way out, in one sentence. */
  readonly help: string;
  /** The file or folder in question, as an absolute path. */
  readonly file?: string;
}

/** A value, or the fault that stands in its place. Public functions of the engine return it; throwing is for bugs. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/**
 * Carries a fault out of deep write paths and callbacks, where a `Result` at every step would hide the work.
 * It is caught at the rim (`settle`) and never reaches a user as an exception.
 */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'FaultError';
    this.fault = fault;
  }
}

export interface FaultDetails {
  readonly message: string;
  readonly help: string;
  readonly file?: string;
}

export function makeFault(kind: FaultKind, details: FaultDetails): Fault {
  return { code: kind.code, severity: kind.severity, exit: kind.exit, ...details };
}

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(kind: FaultKind, details: FaultDetails): { ok: false; fault: Fault } {
  return { ok: false, fault: makeFault(kind, details) };
}

/** Throws; its type lets it stand where a value is asked for. */
export function raise(kind: FaultKind, details: FaultDetails): never {
  throw new FaultError(makeFault(kind, details));
}

/** The value of a result, or its fault thrown: the way from the rim back into a deep path. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new FaultError(result.fault);
  return result.value;
}

/** Runs a deep path and turns a thrown fault into a result; every other exception is a bug and passes through. */
export async function settle<T>(work: () => Promise<T> | T): Promise<Result<T>> {
  try {
    return success(await work());
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault };
    throw error;
  }
}

/** `settle` for work that does not wait. */
export function settleNow<T>(work: () => T): Result<T> {
  try {
    return success(work());
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault };
    throw error;
  }
}
