import type { Channel } from '@parley/domain'

import { useTranslate } from '../i18n/use-translate.tsx'

/** Round bubble: WhatsApp. Rounded square: the app. */
export function ChannelGlyph({ channel, size = 16 }: { channel: string; size?: number }) {
  const t = useTranslate()
  const known: Channel = channel === 'whatsapp' ? 'whatsapp' : 'chat_app'
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      role="img"
      aria-label={t(`channel.${known}`)}
    >
      {known === 'whatsapp' ? (
        <>
          <path
            d="M8 .8a7.2 7.2 0 0 0-6.3 10.7L.9 15.1l3.7-.9A7.2 7.2 0 1 0 8 .8z"
            fill="var(--ch-wa)"
          />
          <path
            d="M5.7 4.4c-.4 0-1 .5-1 1.5 0 2.5 2.9 5.5 5.4 5.5.9 0 1.5-.6 1.5-1.1 0-.5-1.4-1.2-1.7-1.2-.4 0-.6.7-.9.7-.5 0-2.3-1.7-2.3-2.2 0-.3.6-.5.6-.9 0-.3-.7-2.3-1.6-2.3z"
            fill="var(--on-ch)"
          />
        </>
      ) : (
        <>
          <rect x="1" y="1" width="14" height="14" rx="4" fill="var(--ch-app)" />
          <path
            d="M4.5 6h7M4.5 9.8h4.2"
            stroke="var(--on-ch)"
            strokeWidth="1.6"
            strokeLinecap="round"
            fill="none"
          />
        </>
      )}
    </svg>
  )
}
