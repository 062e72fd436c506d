import { type LucideIcon } from 'lucide-react'

/** A line icon, 1.5 px thick at every size. It says nothing by itself: the control has the words. */
export function Icon({
  of: Shape,
  size = 16,
  className,
}: {
  of: LucideIcon
  size?: number
  className?: string | undefined
}) {
  return (
    <Shape
      size={size}
      strokeWidth={1.5}
      absoluteStrokeWidth
      aria-hidden="true"
      className={className}
    />
  )
}
