/** The expanded plan, as the text of a read-only document: a request of our own. */
import { planText } from '../describe/plan-text.ts';
import { ExpandedPlanRequest } from '../protocol.ts';
import { type Feature, guarded } from './feature.ts';

export const expandedPlan: Feature = {
  name: 'expanded plan',
  about: 'A read-only document with every tensor that is written and what it is computed from.',
  methods: [ExpandedPlanRequest.type.method],
  capabilities: () => ({ experimental: { expandedPlan: true } }),
  attach: (connection, desk) => {
    connection.onRequest(ExpandedPlanRequest.type, ({ uri, step }, token) =>
      guarded(connection, { name: 'expanded plan', empty: '', token }, () => {
        const analysis = desk.analysisOf(uri);
        if (analysis === undefined) return '// The recipe is not open.\n';
        return planText(analysis, step);
      }),
    );
  },
};
