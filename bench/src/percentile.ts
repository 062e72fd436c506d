/** @param percent 0 to 100; 0 for no values at all */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0
}
