/** Chat templates by their names: how a conversation is written for models that were trained on each form. */
import type { TemplateWord } from '../../grammar/check/forms.ts';

type NamedTemplate = Exclude<TemplateWord, 'majority' | 'none'>;

export const templateTexts: Readonly<Record<NamedTemplate, string>> = {
  chatml: `{%- for message in messages %}
{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\\n' }}
{%- endif %}
`,
  llama3: `{{- bos_token }}
{%- for message in messages %}
{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
`,
  mistral: `{{- bos_token }}
{%- set said = namespace(system='') %}
{%- for message in messages %}
{%- if message['role'] == 'system' %}
{%- set said.system = message['content'] + '\\n\\n' %}
{%- elif message['role'] == 'user' %}
{{- '[INST] ' + said.system + message['content'] + ' [/INST]' }}
{%- set said.system = '' %}
{%- else %}
{{- ' ' + message['content'] + eos_token }}
{%- endif %}
{%- endfor %}
`,
  alpaca: `{%- set titles = {'user': '### Instruction:', 'assistant': '### Response:'} %}
{%- for message in messages %}
{%- if message['role'] in titles %}
{{- titles[message['role']] + '\\n' }}
{%- endif %}
{{- message['content'] }}
{%- if message['role'] == 'assistant' %}
{{- eos_token }}
{%- endif %}
{{- '\\n\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- titles['assistant'] + '\\n' }}
{%- endif %}
`,
  exaone: `{%- for message in messages %}
{{- '[|' + message['role'] + '|]' + message['content'] }}
{{- '\\n' if message['role'] == 'user' else '[|endofturn|]\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '[|assistant|]' }}
{%- endif %}
`,
};
