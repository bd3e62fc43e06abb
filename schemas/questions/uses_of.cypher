// title: What a name uses, in every role
// example: what does Orca use?
// x: system
// wording: what(?: all| else)? DOES X (?:USE|build with|consist of|include)
// wording: WHICH SYSTEMS DOES X (?:USE|build with|consist of|include)
// wording: (?:what|WHICH SYSTEMS) IS X (?:made of|composed of|using)
// wording: (?:everything|what|things|stuff)(?: THAT)? X USE
// wording: (?:components|ingredients|parts) of X
// wording: what (?:components|ingredients|parts) DOES X (?:USE|have)
UNWIND $ids AS id
MATCH (x:Entity {id: id})
MATCH kin = (x)<-[:IS_A*0..6]-(member:Entity)
WHERE NOT $direct OR length(kin) = 0
WITH DISTINCT x, member,
     reduce(s = '(' + x.name + ')', n IN tail(nodes(kin)) | s + '<-[:IS_A]-(' + n.name + ')') AS chain
MATCH (member)-[r:USES]->(thing:Entity)
WHERE thing.id <> x.id
  AND r.paper IS NOT NULL
MATCH (p:Paper {id: r.paper})
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
WITH thing, r,
     chain + '-[:' + type(r) + ']->(' + thing.name + ')' AS via
WITH thing, collect(DISTINCT r.paper) AS papers,
     collect(DISTINCT {paper: r.paper, sentence: r.sentence}) AS evidence, collect(DISTINCT via) AS via
WHERE size(papers) >= $min_support
RETURN coalesce(thing.name, thing.title) AS name, head([l IN labels(thing) WHERE l <> 'Entity']) AS type,
       papers, evidence, via
ORDER BY size(papers) DESC, name
