import { useOpenConversation } from '../../app/use-open-conversation.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { foldText } from '../../ui/fold-text.ts'
import { MarkedText } from '../../ui/marked-text.tsx'
import { type PaletteGroup } from '../palette/index.ts'
import { TagDot } from './tag-mark.tsx'
import { type Tagging, useTagging } from './use-tags.ts'

const MOST = 6
const NO_CONVERSATION = { row: { id: '', teamId: null, assignedTo: null, tagIds: [] } }

/** Tags to put on the open conversation, or to take off it. */
export const tagsGroup: PaletteGroup = {
  useFound: (wanted) => {
    const t = useTranslate()
    const open = useOpenConversation()
    const tagging = useTagging(open ?? NO_CONVERSATION)
    const found = open && tagging.may ? matching(tagging, wanted).slice(0, MOST) : []
    return {
      heading: t('tags.title'),
      items: found.map(({ id, name, color }) => ({
        value: `tag ${id}`,
        icon: <TagDot color={color} />,
        label: <MarkedText text={name} wanted={wanted} />,
        end: t(tagging.has(id) ? 'tags.takeOff' : 'tags.putOn'),
        run: () => tagging.toggle(id),
      })),
    }
  },
}

/** Those whose names contain the words, neither case nor accents told apart. Nothing asked for: none. */
export function matching({ choices }: Pick<Tagging, 'choices'>, wanted: string) {
  const needle = foldText(wanted.trim())
  return needle === '' ? [] : choices.filter(({ name }) => foldText(name).includes(needle))
}
