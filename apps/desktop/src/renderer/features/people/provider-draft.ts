import type { Provider, ProviderSettings } from '@parley/contracts'

/** A provider as it is typed. */
export interface ProviderDraft extends Omit<ProviderSettings, 'domains' | 'groupsClaim'> {
  /** Separated by commas or blanks. */
  domains: string
  /** Empty: groups are not looked at. */
  groupsClaim: string
  /** Empty: as it was. It is never shown again. */
  clientSecret: string
}

const NEW: ProviderSettings = {
  name: '',
  issuer: '',
  clientId: '',
  domains: [],
  isActive: true,
  isForced: false,
  trustsEmail: false,
  createsPeople: false,
  defaultRole: 'agent',
  groupsClaim: null,
}

export function draftOf(provider: Provider | null): ProviderDraft {
  const { name, issuer, clientId, domains, groupsClaim, defaultRole, ...rest } = provider ?? NEW
  const { isActive, isForced, trustsEmail, createsPeople } = rest
  return {
    name,
    issuer,
    clientId,
    clientSecret: '',
    domains: domains.join(', '),
    groupsClaim: groupsClaim ?? '',
    isActive,
    isForced,
    trustsEmail,
    createsPeople,
    defaultRole,
  }
}

export function settingsOf({
  clientSecret: _clientSecret,
  domains,
  groupsClaim,
  ...draft
}: ProviderDraft): ProviderSettings {
  return {
    ...draft,
    // With the @, too, as people think of them.
    domains: domains
      .toLowerCase()
      .split(/[\s,;]+/)
      .map((domain) => domain.replace(/^@/, ''))
      .filter((domain) => domain !== ''),
    groupsClaim: groupsClaim.trim() === '' ? null : groupsClaim.trim(),
  }
}
