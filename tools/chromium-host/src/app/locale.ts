/** Chromium's locale: --lang, else the language of the environment, `en-US` for none. */
export function resolveLocale(
  lang: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): string {
  if (lang) return lang
  const setting = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  const [, language, region] = /^([a-z]{2,3})(?:_([A-Z]{2}))?/.exec(setting) ?? []
  if (language === undefined) return 'en-US'
  // Chromium keeps the region only where it ships a translation of its own for it.
  if (language === 'en')
    return region === 'GB' || region === 'AU' || region === 'NZ' ? 'en-GB' : 'en-US'
  if (language === 'pt') return region === 'BR' ? 'pt-BR' : 'pt-PT'
  if (language === 'zh') return region === 'TW' || region === 'HK' ? 'zh-TW' : 'zh-CN'
  if (language === 'es' && region !== undefined && region !== 'ES') return 'es-419'
  return language
}
