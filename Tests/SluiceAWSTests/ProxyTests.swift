import SluiceAWS
import Testing

@Suite struct `Proxies` {
    private func proxy(for url: String, _ variables: [String: String]) throws -> ProxySettings.Proxy? {
        try ProxySettings(AWSEnvironment(variables)).proxy(for: try #require(Endpoint(url)))
    }

    private let both = ["HTTPS_PROXY": "http://secure:1", "HTTP_PROXY": "http://plain:2"]

    @Test func `are chosen by the scheme of the URL`() throws {
        #expect(try proxy(for: "https://a.com", both)?.host == "secure")
        #expect(try proxy(for: "http://a.com", both)?.host == "plain")
        #expect(try proxy(for: "http://a.com", ["HTTPS_PROXY": "http://secure:1"]) == nil)
        #expect(
            try proxy(for: "https://a.com", ["https_proxy": "http://low:3", "HTTPS_PROXY": "http://x:1"])?.port == 3
        )
        #expect(try proxy(for: "http://a.com", ["HTTP_PROXY": "http://x:1", "REQUEST_METHOD": "GET"]) == nil)
    }

    @Test func `may have a user and lack a scheme or a port`() throws {
        func parsed(_ url: String) throws -> ProxySettings.Proxy? {
            try proxy(for: "https://a.com", ["HTTPS_PROXY": url])
        }
        let plain = try parsed("proxy.corp/")
        #expect(plain?.host == "proxy.corp" && plain?.port == 80 && plain?.user == nil)
        let full = try parsed("http://me%40corp:p%3Aw@d@[::2]:3128")
        #expect(full?.host == "::2" && full?.port == 3128 && full?.user == "me@corp" && full?.password == "p:w@d")
        #expect(try parsed("http://me@proxy")?.password == nil)
        for url in ["https://proxy:1", "socks5://proxy:1", "http://", "http://me:%ZZ@proxy", "http://proxy:0"] {
            let error = #expect(throws: AWSError.self) { try parsed(url) }
            #expect(error?.message == "HTTPS_PROXY: takes the address of a proxy, http://HOST:PORT", "\(url)")
        }
    }

    @Test func `are not used for hosts that are excepted`() throws {
        let variables = both.merging(["NO_PROXY": "a.com, .b.com,c.com:444,10.0.0.1"]) { $1 }
        for url in [
            "https://a.com", "https://x.A.com", "https://b.com", "https://x.y.b.com", "https://c.com:444",
            "http://10.0.0.1",
        ] {
            #expect(try proxy(for: url, variables) == nil, "\(url)")
        }
        for url in ["https://aa.com", "https://a.com.evil", "https://c.com", "http://10.0.0.11"] {
            #expect(try proxy(for: url, variables) != nil, "\(url)")
        }
        #expect(try proxy(for: "https://a.com", both.merging(["NO_PROXY": "*"]) { $1 }) == nil)
        #expect(try proxy(for: "https://a.com", both.merging(["NO_PROXY": ""]) { $1 }) != nil)
    }

    @Test func `are not used for this machine and its metadata`() throws {
        for url in [
            "http://127.0.0.1:4566", "http://localhost", "http://[::1]:1", "http://169.254.169.254",
            "http://169.254.170.2",
            "http://[fd00:ec2::254]",
        ] {
            #expect(try proxy(for: url, both) == nil, "\(url)")
        }
    }
}
