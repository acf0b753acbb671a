"""Documents in which a validator finds nothing, and what it finds when one thing is changed."""

from typing import NamedTuple

from feeds.rules import Fault, document, xml

RSS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
    xmlns:atom="http://www.w3.org/2005/Atom"
    xmlns:content="http://purl.org/rss/1.0/modules/content/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:dcterms="http://purl.org/dc/terms/"
    xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
    xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
    xmlns:wfw="http://wellformedweb.org/CommentAPI/"
    xmlns:media="http://search.yahoo.com/mrss/"
    xmlns:georss="http://www.georss.org/georss"
    xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"
    xmlns:cc="http://backend.userland.com/creativeCommonsRssModule"
    xmlns:web="http://web.resource.org/cc/"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:admin="http://webns.net/mvcb/"
    xmlns:blog="http://backend.userland.com/blogChannelModule"
    xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/"
    xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"
    xmlns:fh="http://purl.org/syndication/history/1.0"
    xmlns:thr="http://purl.org/syndication/thread/1.0"
    xmlns:os="http://a9.com/-/spec/opensearch/1.1/"
    xmlns:xhtml="http://www.w3.org/1999/xhtml"
    xmlns:access="http://www.bloglines.com/about/specs/fac-1.0"
    xmlns:talk="http://conversationsnetwork.org/rssNamespace-1.0/"
    xmlns:ours="tag:fence.example,2020:ns">
  <access:restriction relationship="allow"/>
  <channel>
    <title>Over the fence</title>
    <link>https://fence.example/</link>
    <description>Notes &amp;amp; &lt;em&gt;queries&lt;/em&gt; of neighbours</description>
    <language>en-GB</language>
    <copyright>© 2020 Ann Ås</copyright>
    <managingEditor>ann@fence.example (Ann Ås)</managingEditor>
    <webMaster>bo@fence.example (Bo)</webMaster>
    <pubDate>Thu, 17 Sep 2020 08:00:00 +0200</pubDate>
    <lastBuildDate>Thu, 17 Sep 2020 06:30:00 GMT</lastBuildDate>
    <category domain="https://fence.example/topics">Neighbours</category>
    <generator>A pencil</generator>
    <docs>https://www.rssboard.org/rss-specification</docs>
    <cloud domain="rpc.example" port="80" path="/" registerProcedure="" protocol="soap"/>
    <ttl>60</ttl>
    <image>
      <url>https://fence.example/fence.png</url>
      <title>Over the fence</title>
      <link>https://fence.example/</link>
      <width>144</width>
      <height>400</height>
      <description>A fence</description>
    </image>
    <rating>(PICS-1.1 "http://www.rsac.org/ratingsv01.html")</rating>
    <skipHours><hour>0</hour><hour>23</hour></skipHours>
    <skipDays>
      <day>Saturday</day>
      <day>Sunday</day>
    </skipDays>
    <atom:link rel="self" href="https://fence.example/rss.xml" type="application/rss+xml"/>
    <atom:link rel="hub" href="https://hub.example/"/>
    <sy:updatePeriod>daily</sy:updatePeriod>
    <sy:updateFrequency>2</sy:updateFrequency>
    <sy:updateBase>2020-01-01T00:00+00:00</sy:updateBase>
    <admin:errorReportsTo rdf:resource="mailto:ann@fence.example"/>
    <blog:blogRoll>https://fence.example/roll.opml</blog:blogRoll>
    <feedburner:info uri="fence"/>
    <fh:archive/>
    <atom:link rel="prev-archive" href="https://fence.example/2019.xml"/>
    <atom:link rel="current" href="https://fence.example/now.xml"/>
    <os:totalResults>2</os:totalResults>
    <os:Query role="request" searchTerms="fence"/>
    <xhtml:meta name="robots" content="noindex, follow"/>
    <talk:introMilliseconds>900</talk:introMilliseconds>
    <cc:license>https://creativecommons.org/licenses/by/4.0/</cc:license>
    <ours:height unit="m">2</ours:height>
    <item>
      <title>A gate &#x26; a &#x3C;b&#x3E;lock&#x3C;/b&#x3E;</title>
      <link>https://fence.example/gate?a=1&amp;b=2#top</link>
      <description>&lt;p&gt;The gate is &lt;a href="https://fence.example/"&gt;shut&lt;/a&gt;.</description>
      <content:encoded><![CDATA[<p>The gate is <b>shut</b>.</p>
        <ul><li>A<li>B</ul><img src="https://fence.example/1.png" alt="">]]></content:encoded>
      <category>Gates</category>
      <comments>https://fence.example/gate/replies</comments>
      <enclosure url="https://fence.example/gate.mp3" length="0" type="audio/mpeg"/>
      <guid isPermaLink="false">gate</guid>
      <pubDate>Thu, 17 Sep 2020 08:00:00 +0200</pubDate>
      <source url="https://other.example/rss.xml">Other people's fences</source>
      <dc:creator>Ann Ås</dc:creator>
      <dcterms:modified>2020-09-17T08:00Z</dcterms:modified>
      <slash:comments>3</slash:comments>
      <slash:hit_parade>3,2,1</slash:hit_parade>
      <wfw:commentRss>https://fence.example/gate/replies.xml</wfw:commentRss>
      <georss:point>55.6 12.5</georss:point>
      <geo:lat>55.6</geo:lat>
      <web:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>
      <trackback:ping>https://fence.example/gate/ping</trackback:ping>
      <feedburner:origLink>https://fence.example/gate</feedburner:origLink>
      <thr:total>3</thr:total>
      <thr:in-reply-to ref="tag:fence.example,2020:1" href="https://fence.example/1"/>
      <media:title>Gate</media:title>
      <media:rating>nonadult</media:rating>
      <media:hash algo="sha-1">0123456789abcdef0123456789abcdef01234567</media:hash>
      <media:credit role="photographer" scheme="urn:ebu">Bo</media:credit>
      <media:text type="html" start="0" end="10.5">&lt;i&gt;Creak&lt;/i&gt;</media:text>
      <media:restriction relationship="deny" type="country">dk se</media:restriction>
      <media:group>
        <media:content url="https://fence.example/s.png" width="80" medium="image"/>
        <media:content url="https://fence.example/l.png" fileSize="9" isDefault="true">
          <media:thumbnail url="https://fence.example/t.png" time="00:00:01.5"/>
        </media:content>
      </media:group>
      <ours:wood>oak</ours:wood>
    </item>
    <item>
      <description>&lt;p&gt;Shut again.&lt;/p&gt;</description>
      <author>bo@fence.example (Bo)</author>
      <guid>https://fence.example/again</guid>
    </item>
  </channel>
</rss>
"""

PODCAST = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
    xmlns:atom="http://www.w3.org/2005/Atom"
    xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
    xmlns:podcast="https://podcastindex.org/namespace/1.0">
  <channel>
    <title>Heard over the fence</title>
    <link>https://fence.example/heard</link>
    <description>Talk</description>
    <atom:link rel="self" href="https://fence.example/heard.xml"/>
    <itunes:category text="Leisure">
      <itunes:category text="Home &amp; Garden"/>
    </itunes:category>
    <itunes:category text="True Crime"/>
    <itunes:explicit>false</itunes:explicit>
    <itunes:image href="https://fence.example/ear.png"/>
    <itunes:author>Ann</itunes:author>
    <itunes:owner>
      <itunes:name>Bo</itunes:name>
      <itunes:email>bo@fence.example</itunes:email>
    </itunes:owner>
    <itunes:type>Serial</itunes:type>
    <itunes:block>No</itunes:block>
    <podcast:locked owner="bo@fence.example">yes</podcast:locked>
    <podcast:funding url="https://fence.example/pay">Buy us wood</podcast:funding>
    <podcast:person href="https://fence.example/ann" role="host">Ann</podcast:person>
    <podcast:medium>podcast</podcast:medium>
    <item>
      <title>Creaks</title>
      <guid isPermaLink="false">creaks</guid>
      <enclosure url="https://fence.example/1.mp3" length="100" type="audio/mpeg"/>
      <itunes:duration>1:02:03</itunes:duration>
      <itunes:episode>1</itunes:episode>
      <itunes:episodeType>full</itunes:episodeType>
      <itunes:summary>Eleven creaks</itunes:summary>
      <podcast:transcript url="https://fence.example/1.vtt" type="text/vtt" language="en"/>
      <podcast:soundbite startTime="1.5" duration="9">Creak</podcast:soundbite>
      <podcast:episode display="One">1.5</podcast:episode>
    </item>
  </channel>
</rss>
"""

ATOM = """\
<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB" xml:base="https://fence.example/"
    xmlns:thr="http://purl.org/syndication/thread/1.0"
    xmlns:fh="http://purl.org/syndication/history/1.0"
    xmlns:ours="tag:fence.example,2020:ns">
  <id>tag:fence.example,2020:feed</id>
  <title>Over the fence</title>
  <subtitle type="html">Notes &amp;amp; &lt;em&gt;queries&lt;/em&gt;</subtitle>
  <updated>2020-09-17T08:00:00+02:00</updated>
  <link rel="self" href="https://fence.example/atom.xml" type="application/atom+xml"/>
  <link href="/" hreflang="en"/>
  <link href="/da/" hreflang="da"/>
  <link rel="hub" href="https://hub.example/"/>
  <link rel="tag:fence.example,2020:rel" href="x"/>
  <author>
    <name>Ann Ås</name>
    <uri>/ann</uri>
    <email>ann@fence.example</email>
  </author>
  <contributor><name>Bo</name></contributor>
  <category term="fence" scheme="tag:fence.example,2020:" label="Fences"/>
  <generator uri="https://pencil.example/" version="2B">A pencil</generator>
  <icon>/icon.png</icon>
  <logo>logo.png</logo>
  <rights>© 2020 Ann Ås</rights>
  <ours:height unit="m">2</ours:height>
  <entry>
    <id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <i>gate</i></div></title>
    <updated>2020-09-17T06:00:00.25Z</updated>
    <published>2020-09-17T06:00:00.125Z</published>
    <link href="gate"/>
    <link rel="replies" href="gate/replies" thr:count="3" thr:updated="2020-09-17T06:00:00Z"/>
    <link rel="enclosure" href="gate.mp3" type="audio/mpeg" length="0" title="Creak"/>
    <summary>A gate &amp; a lock</summary>
    <content type="html">&lt;p&gt;The gate is &lt;b&gt;shut&lt;/b&gt;.&lt;/p&gt;</content>
    <thr:in-reply-to ref="tag:fence.example,2020:1"/>
    <thr:total>3</thr:total>
    <source>
      <id>https://other.example/</id>
      <title>Other people's fences</title>
      <updated>2020-09-16T08:00:00Z</updated>
      <author><name>Cleo</name></author>
    </source>
    <rights type="text">None</rights>
  </entry>
  <entry>
    <id>https://fence.example/again</id>
    <title>Shut again</title>
    <updated>2020-09-16T08:00:00Z</updated>
    <content type="xhtml" xml:lang="da">
      <div xmlns="http://www.w3.org/1999/xhtml"><p>Lukket, <code>&lt;b&gt;</code><br/>
        <img src="https://fence.example/1.png" alt="gate" data-wood="oak" style="width: 50%"/>
        <svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg></p></div>
    </content>
  </entry>
  <entry>
    <id>tag:fence.example,2020:3</id>
    <title>A picture</title>
    <updated>2020-09-15T08:00:00Z</updated>
    <summary>A picture of the gate</summary>
    <content src="/gate.png" type="image/png"/>
    <link href="/gate" type="text/html"/>
  </entry>
  <entry>
    <id>tag:fence.example,2020:4</id>
    <title>A dot</title>
    <updated>2020-09-14T08:00:00Z</updated>
    <summary>One dot</summary>
    <content type="image/gif">R0lG ODlh</content>
  </entry>
  <entry>
    <id>tag:fence.example,2020:5</id>
    <title>A path</title>
    <updated>2020-09-13T08:00:00Z</updated>
    <content type="image/svg+xml"><svg xmlns="http://www.w3.org/2000/svg"/></content>
  </entry>
</feed>
"""

ENTRY = """\
<entry xmlns="http://www.w3.org/2005/Atom">
  <id>tag:fence.example,2020:6</id>
  <title>A hedge</title>
  <updated>2020-09-17T08:00:00Z</updated>
  <author><name>Ann Ås</name></author>
  <link href="https://fence.example/hedge"/>
</entry>
"""

RDF = """\
<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/"
    xmlns="http://purl.org/rss/1.0/">
  <channel rdf:about="https://fence.example/rdf">
    <title>Over the fence</title>
    <link>https://fence.example/</link>
    <description>Notes of neighbours</description>
    <items><rdf:Seq><rdf:li resource="https://fence.example/gate"/></rdf:Seq></items>
    <image rdf:resource="https://fence.example/fence.png"/>
    <textinput rdf:resource="https://fence.example/search"/>
    <dc:date>2020-09</dc:date>
  </channel>
  <image rdf:about="https://fence.example/fence.png">
    <title>A fence</title>
    <url>https://fence.example/fence.png</url>
    <link>https://fence.example/home</link>
  </image>
  <item rdf:about="https://fence.example/gate">
    <title>The gate</title>
    <link>https://fence.example/gate</link>
    <description>It is &lt;b&gt;shut&lt;/b&gt;</description>
    <dc:creator>Ann Ås</dc:creator>
    <trackback:ping rdf:resource="https://fence.example/ping"/>
  </item>
  <textinput rdf:about="https://fence.example/search">
    <title>Search</title>
    <description>Words in all posts</description>
    <name>q</name>
    <link>https://fence.example/search</link>
  </textinput>
</rdf:RDF>
"""

OPML = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>Neighbours</title>
    <dateCreated>Thu, 17 Sep 2020 08:00:00 GMT</dateCreated>
    <dateModified/>
    <ownerName>Ann Ås</ownerName>
    <ownerEmail>ann@fence.example</ownerEmail>
    <ownerId>https://fence.example/ann</ownerId>
    <docs/>
    <vertScrollState>1</vertScrollState>
    <windowTop/>
  </head>
  <body>
    <outline text="Fences">
      <outline text="Over the fence" title="Over the fence" type="rss" version="RSS2"
        xmlUrl="https://fence.example/rss.xml" htmlUrl="https://fence.example/"/>
      <outline text="Under it" type="link" url="https://under.example/" isComment="false"/>
    </outline>
    <outline text="" created="Thu, 17 Sep 2020 08:00:00 GMT"/>
  </body>
</opml>
"""

OSD = """\
<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"
    xmlns:ours="tag:fence.example,2020:ns">
  <ShortName>Fences</ShortName>
  <Description>Search in all posts</Description>
  <Contact>ann@fence.example</Contact>
  <Url type="application/atom+xml" rel="results" indexOffset="0"
    template="https://fence.example/?q={searchTerms}&amp;n={count?}&amp;w={ours:wood}"/>
  <LongName>Search over the fence</LongName>
  <Image height="16" width="16" type="image/png">https://fence.example/icon.png</Image>
  <Query role="example" searchTerms="gate" title="Gates" language="*"/>
  <Query role="ours:best" searchTerms="oak"/>
  <Developer>Ann Ås</Developer>
  <SyndicationRight>open</SyndicationRight>
  <AdultContent>false</AdultContent>
  <Language>en</Language>
  <InputEncoding>UTF-8</InputEncoding>
</OpenSearchDescription>
"""

ALL = {
    "RSS": RSS,
    "podcast": PODCAST,
    "Atom": ATOM,
    "entry": ENTRY,
    "RSS 1.0": RDF,
    "OPML": OPML,
    "OpenSearch": OSD,
}


def judge(text: str | bytes, base: str | None = None) -> list[Fault]:
    """What is found in a document."""
    body = text.encode() if isinstance(text, str) else text
    return document.judge(xml.read(body), base)


def codes(text: str | bytes, base: str | None = None) -> list[str]:
    """The codes alone."""
    return [fault.rule.code for fault in judge(text, base)]


def changed(text: str, old: str, new: str) -> str:
    """A document with one change."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


class Row(NamedTuple):
    """A change to a document, the one finding that it leads to, and words of its message.

    The finding is on the line where the change begins, or else where *at* stands; if that is a
    tag, in its column.
    """

    code: str
    old: str
    new: str
    says: str
    at: str = ""

    def __str__(self) -> str:
        return f"{self.code} {' '.join(self.new.split())[:40]}"

    def check(self, base: str) -> None:
        """See that it holds."""
        text = changed(base, self.old, self.new)
        faults = judge(text)
        assert [fault.rule.code for fault in faults] == [self.code], faults
        (fault,) = faults
        assert self.says in fault.message
        assert text.count(self.at or "<") == 1 or not self.at, self.at
        index = text.index(self.at) if self.at else base.index(self.old)
        assert fault.line == text.count("\n", 0, index) + 1, fault
        if text[index] == "<":
            assert fault.column == index - text.rfind("\n", 0, index), fault
