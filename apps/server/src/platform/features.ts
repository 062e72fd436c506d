/**
 * The running parts of features that procedures need, wired by `main.ts`. Empty here: each feature adds its
 * own part by declaration merging, so that the platform knows no feature.
 */
export interface Features {}
