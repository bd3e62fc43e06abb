// title: The members of a family that papers introduce
// example: which papers introduce a kind of imitation learning?
// x: system resource task metric robot
// wording: (?:what|WHICH) (?:new )?(?:kinds?|types?|variants?|forms?|members?|sorts?) of X (?:IS |DOES )?(?:there|exist|INTRODUCE)(?: are| is)?
// wording: (?:who|what|WHICH PAPERS) INTRODUCE (?:a |an |new )?(?:kinds?|types?|variants?|forms?|members?|sorts?) of X
// wording: (?:what|who|which|WHICH SYSTEMS) IS (?:a |an )?(?:kinds?|types?|forms?|members?|sorts?|examples?) of X
// wording: (?:members|kinds|types|examples|forms) of X
// wording: (?:what|who|which|WHICH SYSTEMS) belongs? to X
UNWIND $ids AS id
MATCH (x:Entity {id: id})
MATCH kin = (x)<-[:IS_A*1..6]-(thing:Entity)
WHERE (NOT $direct OR length(kin) = 1)
WITH x, thing, kin, last(relationships(kin)) AS r
OPTIONAL MATCH (p:Paper {id: coalesce(r.paper, '')})
WITH x, thing, kin, r, p
WHERE coalesce(r.confidence, 1.0) >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
WITH thing, r,
     reduce(s = '(' + x.name + ')', n IN tail(nodes(kin)) | s + '<-[:IS_A]-(' + n.name + ')') AS via
WITH thing, collect(DISTINCT r.paper) AS papers,
     collect(DISTINCT {paper: r.paper, sentence: r.sentence}) AS evidence, collect(DISTINCT via) AS via
WHERE size(papers) >= $min_support OR $min_support = 1
RETURN thing.name AS name, head([l IN labels(thing) WHERE l <> 'Entity']) AS type,
       papers, [e IN evidence WHERE e.paper IS NOT NULL] AS evidence, via
ORDER BY size(papers) DESC, name
