import { renderMermaidSVG } from 'beautiful-mermaid'

/** Replaces each Mermaid block by an SVG at build time, so that a page loads no script and no font for it. */
export const withDiagrams = (markdown: string): string =>
  markdown.replace(/```mermaid\n([\s\S]*?)```/g, (_, source: string) => {
    const svg = renderMermaidSVG(source, {
      bg: 'var(--sl-color-bg)',
      fg: 'var(--sl-color-text)',
      transparent: true,
    })
    // Raw HTML ends at a blank line.
    return `<figure>${svg.replace(/@import [^;]+;[^\n]*\n/, '').replace(/\n\s*\n/g, '\n')}</figure>`
  })
