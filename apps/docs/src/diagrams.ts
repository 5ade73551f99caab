import { renderMermaidSVG } from 'beautiful-mermaid'

/** Mermaid blocks as drawings, made at build time: no script and no font from elsewhere. */
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
