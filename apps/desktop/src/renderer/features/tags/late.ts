import { type LateContribution } from '../../contributions/contribution.ts'
import { TagDialog } from './tag-dialog.tsx'
import { tagsGroup } from './tags-group.tsx'
import { TagsScreen } from './tags-screen.tsx'

export const late: LateContribution = {
  dialogs: { tags: TagDialog },
  screens: { tags: TagsScreen },
  paletteGroups: [tagsGroup],
}
