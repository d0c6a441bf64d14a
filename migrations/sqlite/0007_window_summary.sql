-- What the whole window of a continuous source held, as JSON; null for everything else and for what came before.

alter table reading add column window_summary text;
