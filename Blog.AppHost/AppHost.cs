using Blog.AppHost;
using Microsoft.Extensions.Configuration;

// Everything that runs, and who needs whom. Settings are in appsettings.json; BlogService.cs says what every service gets.
var builder = DistributedApplication.CreateBuilder(args);
builder.UseDataFolder();

// What keeps the data. One server, one database per service, and nobody reads another's.
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var contentDatabase = postgres.AddDatabase("content-database", "content");
var identityDatabase = postgres.AddDatabase("identity-database", "identity");
var usersDatabase = postgres.AddDatabase("users-database", "users");
var interactionsDatabase = postgres.AddDatabase("interactions-database", "interactions");
var feedDatabase = postgres.AddDatabase("feed-database", "feed");
var searchDatabase = postgres.AddDatabase("search-database", "search");
var notificationsDatabase = postgres.AddDatabase("notifications-database", "notifications");
var recommendationsDatabase = postgres.AddDatabase("recommendations-database", "recommendations");
var cache = builder.AddRedis("cache").WithDataVolume();
var broker = builder.AddKafka("broker").WithDataVolume();

// Mail goes nowhere: the sink shows it on a page.
var mail = builder.AddContainer("mail", "maildev/maildev", "2.2.1")
    .WithEndpoint(targetPort: 1025, scheme: "smtp", name: "smtp")
    .WithHttpEndpoint(targetPort: 1080, name: "http")
    .WithHttpHealthCheck("/healthz");

// The only public entrance, so its address is the origin that tokens, links and mails name.
var bff = builder.AddService<Projects.Blog_Bff>("bff", port: builder.Configuration.GetValue<int>("Blog:Port"));
var origin = bff.GetEndpoint("http");

// Accounts and tokens. Browsers reach it through the entrance alone.
var identity = builder.AddService<Projects.Blog_Identity>("identity", origin)
    .WithReference(identityDatabase, "identity").WaitFor(identityDatabase)
    .WithReference(mail.GetEndpoint("smtp")).WaitFor(mail)
    .WithReference(broker)
    .WithEnvironment("Blog__BffOrigin", origin)
    .WithClientSecrets("bff", "identity", "users", "content", "interactions", "feed", "search", "notifications", "recommendations", "cli");

var users = builder.AddService<Projects.Blog_Users>("users", origin)
    .WithReference(usersDatabase, "users").WaitFor(usersDatabase)
    .WithReference(broker).WaitFor(broker)
    .WithReference(identity);
identity.WithReference(users);

var content = builder.AddService<Projects.Blog_Content>("content", origin)
    .WithReference(contentDatabase, "content").WaitFor(contentDatabase)
    .WithReference(broker).WaitFor(broker)
    .WithReference(identity)
    .WithReference(users);

// Claps, responses, reading lists, history, highlights.
var interactions = builder.AddService<Projects.Blog_Interactions>("interactions", origin)
    .WithReference(interactionsDatabase, "interactions").WaitFor(interactionsDatabase)
    .WithReference(broker).WaitFor(broker)
    .WithReference(identity)
    .WithReference(users)
    .WithReference(content);
// What people bring in of lists and responses.
content.WithReference(interactions);

// The home feed: a read model of follows and articles, rebuilt from events.
var feed = builder.AddService<Projects.Blog_Feed>("feed", origin)
    .WithReference(feedDatabase, "feed").WaitFor(feedDatabase)
    .WithReference(broker).WaitFor(broker)
    .WithReference(identity);

// Finding: a read model of what is published, searched by its words.
var search = builder.AddService<Projects.Blog_Search>("search", origin)
    .WithReference(searchDatabase, "search").WaitFor(searchDatabase)
    .WithReference(broker).WaitFor(broker)
    .WithReference(identity)
    .WithReference(users)
    .WithReference(content);

// Being told: in the site, by mail, by push; newsletters.
var notifications = builder.AddService<Projects.Blog_Notifications>("notifications", origin)
    .WithReference(notificationsDatabase, "notifications").WaitFor(notificationsDatabase)
    .WithReference(broker).WaitFor(broker)
    .WithReference(mail.GetEndpoint("smtp")).WaitFor(mail)
    .WithReference(identity)
    .WithReference(users)
    .WithReference(content)
    .WithEnvironment("Blog__Notifications__Key", builder.Secret("notifications-key"));

// What somebody may like to read, and why: a read model of what is published, followed, read and liked.
var recommendations = builder.AddService<Projects.Blog_Recommendations>("recommendations", origin)
    .WithReference(recommendationsDatabase, "recommendations").WaitFor(recommendationsDatabase)
    .WithReference(broker).WaitFor(broker)
    .WithReference(identity)
    .WithReference(content);

var site = builder.AddJavaScriptApp("site", "../web/site", "start")
    .WithHttpEndpoint(name: "http", env: "PORT")
    .WithReference(bff)
    .WithPublicOrigin(origin)
    .WithHttpHealthCheck("/icon.svg");
// Subscribers of feeds are sent what the site makes of them.
notifications.WithReference(site);

bff.WithPublicOrigin(origin)
    .WithReference(cache).WaitFor(cache)
    .WithReference(broker).WaitFor(broker)
    .WithReference(identity).WaitFor(identity)
    .WithReference(users).WaitFor(users)
    .WithReference(content).WaitFor(content)
    .WithReference(interactions).WaitFor(interactions)
    .WithReference(feed).WaitFor(feed)
    .WithReference(search).WaitFor(search)
    .WithReference(notifications).WaitFor(notifications)
    .WithReference(recommendations).WaitFor(recommendations)
    .WithReference(site)
    .WithExternalHttpEndpoints();

builder.Build().Run();
