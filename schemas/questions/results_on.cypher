// title: The results that papers report on a benchmark
// example: what are the results on GSM8K?
// x: resource
// wording: (?:what|WHICH) (?:IS )?(?:the )?(?:results?|scores?|numbers?|figures?|performance|accurac(?:y|ies))(?: are| is)?(?: there| reported| known)? (?:on|for|in) X
// wording: (?:results?|scores?|numbers?|figures?) (?:on|for|in) X
// wording: how (?:good|well|accurate) (?:IS|DOES) (?:SYSTEMS )?(?:do |perform )?(?:on|in|at) X
// wording: what (?:IS|DOES) (?:reported|scored|reached|achieved) on X
UNWIND $ids AS id
MATCH (x:Entity {id: id})<-[:ON]-(thing:Result)<-[r:REPORTS]-(p:Paper)
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
MATCH (thing)-[:OF]->(system)
OPTIONAL MATCH (thing)-[:MEASURED_BY]->(metric:Metric)
WITH x, thing, r, coalesce(system.name, system.title) AS system, metric
WITH system + ': ' + thing.text
     + CASE thing.unit WHEN NULL THEN '' WHEN '%' THEN '%' ELSE coalesce(' ' + thing.unit, '') END
     + coalesce(' ' + metric.name, '') + coalesce(' (' + thing.setting + ')', '') AS name, r,
     '(' + system + ')<-[:OF]-(' + thing.text + ')-[:ON]->(' + x.name + ')' AS via
WITH name, collect(DISTINCT r.paper) AS papers,
     collect(DISTINCT {paper: r.paper, sentence: r.sentence}) AS evidence, collect(DISTINCT via) AS via
WHERE size(papers) >= $min_support
RETURN name, 'Result' AS type, papers, evidence, via
ORDER BY name
