/** 4/6, 4.5/6: a waiting customer counts a fraction. Of who takes none there is only what they have all the same. */
export function loadText(load: number, capacity: number): string {
  const held = String(Number(load.toFixed(2)))
  if (capacity > 0) return `${held}/${capacity}`
  return load > 0 ? held : ''
}
