/**
 * The elementary functions of every host step, in f64, each within 1 ulp of the true value.
 * `Math.sqrt` and the four operations are exact in every engine; `Math.pow` and its kin are not, so
 * whatever decides a byte goes through these. Methods and coefficients are those of fdlibm
 * (Sun Microsystems, 1993), except for tanh.
 */
export { exp, log } from './exponential.ts';
export { tanh } from './hyperbolic.ts';
export { pow } from './power.ts';
export { acos, cos, sin } from './trigonometric.ts';
