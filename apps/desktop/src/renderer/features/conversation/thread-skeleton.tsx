import { Bone } from '../../ui/skeleton.tsx'
import styles from './thread.module.css'

export function ThreadSkeleton() {
  return (
    <div className={styles.skeleton} aria-busy="true">
      <Bone width="52%" height={52} radius={12} />
      <Bone width="34%" height={34} radius={12} style={{ marginTop: 4 }} />
      <Bone width="48%" height={52} radius={12} style={{ marginTop: 10, alignSelf: 'flex-end' }} />
    </div>
  )
}
