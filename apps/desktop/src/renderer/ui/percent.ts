/** 96.8 %; null where nothing was measured. */
export function percent({ met, total }: { met: number; total: number }): string | null {
  return total === 0 ? null : `${((met / total) * 100).toFixed(1)} %`
}
