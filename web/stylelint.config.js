export default {
  extends: ['stylelint-config-standard'],
  overrides: [
    { files: ['**/*.svelte'], customSyntax: 'postcss-html' },
    // Raw colours live in one file; everything else uses meanings.
    {
      files: ['**/tokens.css'],
      rules: { 'color-no-hex': null, 'function-disallowed-list': null, 'no-duplicate-selectors': null },
    },
  ],
  rules: {
    'color-no-hex': true,
    'color-named': 'never',
    'function-disallowed-list': ['rgb', 'rgba', 'hsl', 'hsla', 'oklch', 'oklab', 'light-dark'],
    'declaration-no-important': true,
    'selector-max-id': 0,
    'max-nesting-depth': 2,
    // Sides are named by the direction of the text.
    'property-disallowed-list': ['left', 'right', '/-(left|right)(-|$)/'],
    'declaration-property-value-disallowed-list': { 'text-align': ['left', 'right'] },
    // The design's stylesheets are dense on purpose: one part, one line.
    'declaration-block-single-line-max-declarations': null,
    'declaration-empty-line-before': null,
    'rule-empty-line-before': null,
    'custom-property-empty-line-before': null,
    'comment-empty-line-before': null,
    'no-descending-specificity': null,
    // Colours are written as their designer wrote them.
    'lightness-notation': null,
    'hue-degree-notation': null,
    'alpha-value-notation': null,
    'value-keyword-case': ['lower', { ignoreKeywords: [/^[A-Z]/, 'currentColor'] }],
    'media-feature-range-notation': null,
    'selector-pseudo-class-no-unknown': [true, { ignorePseudoClasses: ['global'] }],
    'at-rule-empty-line-before': null,
  },
};
