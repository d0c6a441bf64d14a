// @ts-check
// That somebody has started the shift in this tab: its other pages may sound without asking again. Gone with the tab, and
// nobody else's who signs in here.

const KEY = 'wardlight-shift';

/**
 * @param {string} ward
 * @param {string} clinician
 */
export function keepArmed(ward, clinician) {
  try {
    sessionStorage.setItem(KEY, `${ward} ${clinician}`);
  } catch {
    // A browser that keeps nothing: every page asks anew.
  }
}

/**
 * @param {string} ward
 * @param {string} clinician
 */
export function wasArmed(ward, clinician) {
  try {
    return sessionStorage.getItem(KEY) === `${ward} ${clinician}`;
  } catch {
    return false;
  }
}

/** Whoever did not hear it is asked again on every page. */
export function forgetArmed() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
