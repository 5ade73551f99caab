// Validates the manifests in deploy/kubernetes against the schemas of Kubernetes. Prints each fault. Returns true if there is none.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as apps from 'kubernetes-models/apps/v1'
import * as policy from 'kubernetes-models/policy/v1'
import * as core from 'kubernetes-models/v1'
import { parseAllDocuments } from 'yaml'
import { root } from '../lib/tool.mjs'

const models = { 'apps/v1': apps, 'policy/v1': policy, v1: core }

/** Returns a view of a value, and a function that lists the fields that were not read through the view. */
function watched(value, path = '') {
  if (typeof value !== 'object' || value === null) return { view: value, unread: () => [] }
  const read = new Set()
  const parts = Object.fromEntries(
    Object.entries(value).map(([field, each]) => [field, watched(each, `${path}/${field}`)]),
  )
  const view = new Proxy(value, {
    get(target, field) {
      read.add(field)
      return Object.hasOwn(parts, field) ? parts[field].view : target[field]
    },
  })
  const unread = () =>
    Object.entries(parts).flatMap(([field, part]) => (read.has(field) ? part.unread() : [`${path}/${field}`]))
  return { view, unread }
}

function faultOf(document) {
  if (document.errors.length) return document.errors[0].message
  const manifest = document.toJS()
  const Model = models[manifest?.apiVersion]?.[manifest?.kind]
  if (!Model) return `there is no schema for ${manifest?.apiVersion} ${manifest?.kind}`
  const { view, unread } = watched(manifest)
  try {
    // A model would copy the manifest, and the view would not see which fields are read.
    Model.prototype.validate.call(view)
  } catch (error) {
    return error.message
  }
  // The validators ignore unknown fields, and read every field that they know.
  const [unknown] = unread()
  return unknown && `${unknown} is no field of ${manifest.kind}`
}

/** Returns a line for each fault of the manifests in a text. */
export const faultsOf = (text) =>
  parseAllDocuments(text).flatMap((document) => {
    const fault = faultOf(document)
    return fault === undefined ? [] : [fault]
  })

export function lintKubernetes() {
  const folder = join(root, 'deploy', 'kubernetes')
  const faults = readdirSync(folder).flatMap((name) =>
    faultsOf(readFileSync(join(folder, name), 'utf8')).map((fault) => `deploy/kubernetes/${name}: ${fault}`),
  )
  for (const fault of faults) console.error(fault)
  return faults.length === 0
}
