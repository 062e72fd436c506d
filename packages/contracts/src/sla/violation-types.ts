export const VIOLATION_TYPES = ['frt', 'resolution'] as const
