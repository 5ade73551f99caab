import { metadataField, type MetadataField } from '@tokenkeep/protocol'
import { Plus } from 'lucide-react'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextField } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './apps.module.css'

const texts = t.apps.metadata
const NEW_FIELD: MetadataField = { field_name: '', friendly_name: '', type: 'string' }
const types = metadataField.shape.type.options.map((value) => ({ value, label: texts.types[value] }))

interface MetadataFieldsProps {
  readonly fields: readonly MetadataField[]
  /** The error of a text of the field with this index. */
  readonly errorOf: (index: number, name: 'field_name' | 'friendly_name') => string | undefined
  readonly onChange: (fields: readonly MetadataField[]) => void
}

/** Edits the fields of `user_metadata` that users may change themselves. */
export function MetadataFields({ fields, errorOf, onChange }: MetadataFieldsProps) {
  const change = (index: number, change: Partial<MetadataField>): void =>
    onChange(fields.map((field, i) => (i === index ? { ...field, ...change } : field)))
  return (
    <fieldset className={styles['metadata']}>
      <legend>{t.apps.fields.user_metadata_schema}</legend>
      <p>{t.apps.hints.user_metadata_schema}</p>
      {fields.map(({ field_name, friendly_name, type }, index) => (
        <div key={index} className={styles['metadataField']}>
          <TextField
            label={texts.name}
            error={errorOf(index, 'field_name')}
            value={field_name}
            onChange={(next) => change(index, { field_name: next })}
            autoComplete="off"
          />
          <TextField
            label={texts.label}
            error={errorOf(index, 'friendly_name')}
            value={friendly_name}
            onChange={(next) => change(index, { friendly_name: next })}
            autoComplete="off"
          />
          <Field label={texts.type}>
            {(control) => (
              <Select
                control={control}
                label={texts.type}
                choices={types}
                value={type}
                onChange={(next) => change(index, { type: next })}
              />
            )}
          </Field>
          <Button
            variant="quiet"
            aria-label={texts.removeNamed(field_name)}
            onClick={() => onChange(fields.filter((_, i) => i !== index))}
          >
            {texts.remove}
          </Button>
        </div>
      ))}
      <Button onClick={() => onChange([...fields, NEW_FIELD])}>
        <Plus aria-hidden />
        {texts.add}
      </Button>
    </fieldset>
  )
}
