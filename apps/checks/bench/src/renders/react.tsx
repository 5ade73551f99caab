import type { ComponentType, ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { components } from './mounted.ts'

/** Shows the required number of one component, below a provider. */
export function show(
  root: HTMLElement,
  Reader: ComponentType,
  provide: (children: ReactNode) => ReactNode,
): void {
  const readers = Array.from({ length: components }, (_, index) => <Reader key={index} />)
  createRoot(root).render(provide(readers))
}
