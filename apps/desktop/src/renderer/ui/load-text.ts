/** 4/6, 4.5/6: a waiting customer counts a fraction. */
export function loadText(load: number, capacity: number): string {
  return `${Number(load.toFixed(2))}/${capacity}`
}
