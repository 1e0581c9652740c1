"""All words and pictures: blocks, renderers, the catalogue of messages, figures, pages."""
