import type { ComponentType, ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { components } from './mounted.ts'

/** Renders the required number of copies of one component, inside a provider. */
export function show(
  root: HTMLElement,
  Reader: ComponentType,
  provide: (children: ReactNode) => ReactNode,
): void {
  const readers = Array.from({ length: components }, (_, index) => <Reader key={index} />)
  createRoot(root).render(provide(readers))
}
