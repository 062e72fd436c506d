/** The given class names that apply, as one attribute. */
export function classNames(...names: (string | undefined | false | null)[]): string {
  return names.filter(Boolean).join(' ')
}
