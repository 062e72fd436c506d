import { useViewState } from '../../app/view-state.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { MarkedPieces } from '../../ui/marked-text.tsx'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import { type PaletteGroup } from '../palette/index.ts'
import { useSearch } from './use-search.ts'

/** Everything that was ever written, and those who wrote it. */
export const hitsGroup: PaletteGroup = {
  isOfMessages: true,
  useFound: (wanted) => {
    const t = useTranslate()
    const timeOrDate = useTimeOrDate()
    const openConversation = useViewState((state) => state.openConversation)
    const { hits, isPartial, isBrokenOff, isDone } = useSearch(wanted)
    return {
      heading: t('palette.hits'),
      isBusy: !isDone,
      note: isPartial ? t('palette.partial') : isBrokenOff ? t('palette.brokenOff') : null,
      items: hits.map(({ conversationId, messageId, channel, title, snippet, at, status }) => {
        const isTitle = messageId === null
        const pieces = <MarkedPieces pieces={snippet} />
        return {
          value: `hit ${conversationId} ${messageId ?? ''}`,
          icon: <ChannelGlyph channel={channel} />,
          label: isTitle && snippet.length > 0 ? pieces : title,
          detail: isTitle ? null : pieces,
          end: at ? timeOrDate(at) : t(`status.${status}`),
          run: () => openConversation(conversationId, messageId),
        }
      }),
    }
  },
}
