// Owns the height of a row of the machines' list.
// Must agree with .vd-row in app.css.

/** CSS pixels. Every row is as high as one with two lines, so that nothing moves when a reason appears. */
export const rowHeight = 49;
